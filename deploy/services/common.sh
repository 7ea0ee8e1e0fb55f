# What the scripts beside this one share. They source it, having set: folder, python.
# shellcheck shell=bash disable=SC2154

install_packages() { # Debian's, by name
    local sudo=sudo
    command -v apt-get >/dev/null || { echo "Install first: $*" >&2; exit 2; }
    [ "$(id -u)" != 0 ] || sudo=
    echo "Installing system packages: $*" >&2
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

empty_folder() { # only one that a run of these scripts has marked, or that holds nothing
    if [ -e "$folder" ] && [ ! -e "$folder/.throw-away" ] && [ -n "$(ls -A "$folder")" ]; then
        echo "$folder holds something else; name another folder." >&2
        exit 2
    fi
    rm -rf "$folder"
    mkdir -p "$folder"
    touch "$folder/.throw-away"
}

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

keep() { # name, command…: have a daemon run, and again when it was killed, unless FOLDER/NAME.stopped is there
    # shellcheck disable=SC2016
    setpriv --pdeathsig KILL bash -c '
        folder=$0 name=$1
        shift
        while sleep 0.05; do
            [ -e "$folder/$name.stopped" ] && continue
            setpriv --pdeathsig KILL "$@" >>"$folder/log/$name" 2>&1 &
            echo $! >"$folder/$name.pid"
            { wait $!; } 2>/dev/null # or it tells of each that was killed
        done' "$folder" "$@" &
}
