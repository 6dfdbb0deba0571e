"""What a server argued in a week: from what is kept to a digest, and when it is posted."""
