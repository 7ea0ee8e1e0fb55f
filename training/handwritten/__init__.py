"""How the recogniser of handwritten signs in boxes is made: pens, fonts and real digits in boxes, then damaged."""
