"""What may be wrong with an installation, each as one plain sentence: see `pilotline doctor`."""
