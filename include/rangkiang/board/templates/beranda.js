// The tile on Airflow's home page: the counts of the board, each of which leads to its list. Airflow loads this file and
// calls what stands under the tile's name in plugins/papan.py; React and Chakra UI are Airflow's own.
"use strict";
{
  const { createElement: make, useEffect, useState } = globalThis.React;
  const { Box, Heading, Link, SimpleGrid, Text } = globalThis.ChakraUI;
  const board = new URL("./", import.meta.url);
  const REFUSED = "Akun ini tidak berhak melihat papan. · This account may not see the board.";
  const AWAY = "Papan sedang tidak dapat dihubungi. · The board cannot be reached.";

  const asked = async () => {
    const answer = await fetch(new URL("ringkas", board), { credentials: "same-origin" });
    if (answer.status === 401 || answer.status === 403) return { word: REFUSED };
    return answer.ok ? answer.json() : { word: AWAY };
  };

  const count = ({ key, label, n, href }, lang) =>
    make(
      Link,
      { key, href: new URL(href, board).href, display: "block", borderWidth: "1px", borderRadius: "md", p: 3 },
      make(Text, { fontSize: "sm", color: "fg.muted" }, label),
      make(Text, { fontSize: "2xl", fontWeight: "bold" }, n.toLocaleString(lang)),
    );

  const group = ({ name, href, counts }, title, lang) =>
    make(
      Box,
      { key: name, mb: 3 },
      make(
        Heading,
        { size: "md", mb: 2 },
        make(Link, { href: new URL(href, board).href }, title),
        make(Text, { as: "span", fontSize: "sm", fontWeight: "normal", color: "fg.muted", ml: 2 }, name),
      ),
      make(SimpleGrid, { columns: { base: 2, md: 4, xl: 7 }, gap: 3 }, counts.map((one) => count(one, lang))),
    );

  globalThis["Papan di beranda"] = function Tile() {
    const [said, hear] = useState(null);
    useEffect(() => {
      asked().then(hear, () => hear({ word: AWAY }));
    }, []);
    if (!said) return null;
    if (said.word) return make(Text, { color: "fg.muted", fontSize: "sm" }, said.word);
    return make(Box, { lang: said.lang }, said.groups.map((one) => group(one, said.title, said.lang)));
  };
}
