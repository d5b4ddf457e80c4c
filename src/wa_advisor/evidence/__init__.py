"""What files were seen to say: SQL statistics and logs, read into suggested answers."""
