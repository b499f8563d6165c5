"""What people learn before they are given work: modules, and who has finished them."""
