"""The local chat: a chat platform in the browser, for one machine and no account."""
