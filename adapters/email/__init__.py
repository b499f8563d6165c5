"""E-mail: one message is one mail, and what one can press or fill in is written under it to be answered with words."""
