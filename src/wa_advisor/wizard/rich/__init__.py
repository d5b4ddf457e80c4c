"""The rich face: the whole interview as one full-screen application, drawn anew after each key."""
