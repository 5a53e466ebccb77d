"""walkaround: is production data ready for what the pilot was built on?"""
