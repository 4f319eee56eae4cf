"""The door for facilities: keep the catalogue, answer needs."""
