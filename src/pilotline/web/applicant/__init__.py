"""The door for enterprises and teams: hand in, follow, answer, agree."""
