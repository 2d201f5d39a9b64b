"""What the steps of the graph share with Beam."""
