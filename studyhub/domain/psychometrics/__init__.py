"""What answers tell of questions, and questions of people."""
