//! how we write Markdown
