"""Help inside the program: pages in two languages, the guided tour, the manual on paper. Offline, like the rest."""
