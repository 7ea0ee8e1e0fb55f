"""How the recogniser of number cells is made: sheets drawn and damaged, the network, its calibration, its card."""
