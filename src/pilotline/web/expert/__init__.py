"""Door: experts, who mark what is assigned to them and declare what stands between."""
