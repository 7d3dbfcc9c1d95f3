"""One module for each dialect, in which it is declared; nothing else lists them."""
