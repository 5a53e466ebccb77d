"""The nouns: one file each, frozen values, no behaviour beyond what they are."""
