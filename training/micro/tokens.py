"""Token ids of the multilingual layout that the runtime expects. Only what is trained is named."""

VOCABULARY = 51_865
END_OF_TEXT = 50_257
START = 50_258
LANGUAGE = {"en": START + 1, "ru": START + 5}
TRANSCRIBE = 50_359
PREVIOUS_TEXT = 50_361
NO_SPEECH = 50_362
NO_TIMESTAMPS = 50_363
FIRST_TIMESTAMP = 50_364
TIMESTAMPS = VOCABULARY - FIRST_TIMESTAMP
LAST_TIMESTAMP_STEP = TIMESTAMPS - 1
"""30 s in steps of 0.02 s."""

SPECIAL = (END_OF_TEXT, START, LANGUAGE["en"], LANGUAGE["ru"], TRANSCRIBE, PREVIOUS_TEXT, NO_SPEECH, NO_TIMESTAMPS)
"""The special tokens that have an embedding row of their own, in the order of their rows."""
