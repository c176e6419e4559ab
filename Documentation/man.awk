# Gives a page of swift-argument-parser's manual generator the shape of mdoc(7): a name that whatis(1)
# finds, paragraphs instead of empty lines, and EXAMPLES and EXIT STATUS as sections, as in the help.

/^\.Dt / { gsub(/\./, "-", $2) }
/^\.Sh / { section = $2 }

# A page has a name of one word; a command line has two.
section == "NAME" && /^\.Nm / {
  command = $0
  page = $0
  gsub(/^\.Nm |"/, "", page)
  gsub(/ /, "-", page)
  print ".Nm " page
  next
}
section == "NAME" && /^\.Nd / { gsub(/\."$|"/, "") }
section == "SYNOPSIS" && /^\.Nm$/ { print command; next }

# The last parts of a command's long text: their lines stay as they are, and come further down.
section == "DESCRIPTION" && /^(EXAMPLES|EXIT STATUS)$/ { kept = $0; next }
/^\.Bl/ { kept = "" }
kept != "" { if ($0 != "") text[kept] = text[kept] literal($0) "\n"; next }

# A paragraph break counts only between texts.
/^(\.Pp)?$/ { isBreak = 1; next }
isBreak { if (!/^\.(Bl|It|El|Sh)/) print ".Pp"; isBreak = 0 }

# The generator knows two statuses, and esvault has more; 'help' explains itself.
/^\.Sh "EXIT STATUS"/ {
  if ("EXIT STATUS" in text) show("EXIT STATUS")
  else print ".Sh EXIT STATUS\nThe same for all commands:\n.Xr esvault 8\nlists them."
  if ("EXAMPLES" in text) show("EXAMPLES")
  next
}
/^\.(Ex|Xr esvault\.help) / { next }
/^\.Xr / { gsub(/\./, "-", $2) }
{ print }

function show(name) { printf ".Sh %s\n.Bd -literal\n%s.Ed\n", name, text[name] }

# So that it can be pasted: a plain "-" is a hyphen in print.
function literal(line) {
  gsub(/-/, "\\-", line)
  return line
}
