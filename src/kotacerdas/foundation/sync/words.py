"""The words of the shell. Both languages travel with its page: a phone may change its language without network."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS = {
    "today": _("Today"),
    "outbox": pgettext_lazy("field", "Outbox"),
    "phone": _("My phone"),
    "back": _("Back"),
    "search": _("Search"),
    "all_sent": _("All sent"),
    "not_sent": _("{n} not sent"),
    "to_correct": _("{n} to correct"),
    "safe": _("Safe on this phone"),
    "no_signal": _("No signal"),
    "sending": _("Sending…"),
    "last_contact": _("Last contact {time}"),
    "next": _("Next"),
    "no_work": _("Nothing is to be done now. New work appears here as soon as there is a signal."),
    "new": _("New"),
    "navigate": _("Navigate"),
    "call": _("Call"),
    "send_all": _("Send all now"),
    "correct_these": _("You must correct"),
    "queued": _("Waiting to be sent"),
    "sent_today": _("Sent today"),
    "received": _("Received by the server"),
    "waits": _("Waits for a signal; sent by itself"),
    "tried": _("tried {n} times"),
    "correct": _("Correct"),
    "again": _("Try again"),
    "photo_n": _("Sending photo {n} of {all}, {percent}%"),
    "photos_wait": _("{n} photos wait for their turn"),
    "incomplete": _("Not complete: {names}"),
    "draft": _("Draft"),
    "saved_draft": _("Saved as a draft"),
    "take_photo": _("Take a photo"),
    "remove": _("Remove"),
    "my_position": _("Use my position"),
    "position_found": _("Position found, accurate to {n} m"),
    "position_wait": _("Looking for the position…"),
    "position_none": _("The position was not found. Try again under the open sky."),
    "yes": _("Yes"),
    "no": _("No"),
    "add_row": _("Add another"),
    "sign_in": _("Sign in"),
    "enrol_words": _(
        "This phone is not set up yet. Sign in once while online, or type the code that your desk shows."
    ),
    "code": _("Code from the desk"),
    "use_code": _("Set up with the code"),
    "offline_now": _("There is no connection just now."),
    "user": _("Works for"),
    "version": _("Version"),
    "language": _("Language"),
    "export": _("Export the outbox to a file"),
    "export_words": _(
        "If sending does not work for long, give this file to your desk. Nothing is deleted here."
    ),
    "sign_out": _("Sign out of this phone"),
    "sign_out_words": _("Signing out deletes everything on this phone."),
    "sign_out_lost": _("Not sent yet, and lost by it: {what}."),
    "lost_entries": _("{n} entries"),
    "lost_photos": _("{n} photos"),
    "lost_drafts": _("{n} drafts"),
    "sign_out_sure": _("I have understood: everything on this phone is deleted."),
    "none_yet": _("Nothing is here yet."),
    "look_up": _("Look up"),
    "damaged": _("This entry cannot be read any more. What it said is lost; write it anew."),
    "discard": _("Not needed any more?"),
    "discard_words": _(
        "It was not taken. Thrown away, it is gone from this phone and the desk sees it as settled."
    ),
    "discard_now": _("Throw this entry away"),
    "sent_before": _("This was sent already, from another tab. Nothing is sent twice."),
    "position_denied": _(
        "The browser may not see where you are. Allow it in the settings of this page, or type the position."
    ),
    "position_rough": _(
        "Position found, but accurate only to about {n} km: that tells no village. Try again in the open, or type the position."
    ),
    "position_type": _("Type the position instead"),
    "position_typed": _("Latitude and longitude, as a map shows them"),
    "position_typed_wrong": _("Two numbers are needed, as -6.3265, 108.3214."),
    "photos_most": _("At most {n} photos fit; the others were left out."),
    "wiped": _("This phone was signed out by the desk. Its data was deleted."),
    "conflict": _("Somebody else changed this too"),
    "conflict_words": _("Choose for each answer which one holds."),
    "was": _("Before"),
    "theirs": pgettext_lazy("answer", "Somebody else's"),
    "mine": pgettext_lazy("answer", "Mine"),
    "settle_each": _("Choose for each answer which one holds."),
    "settle": _("Save the choice"),
    "nothing": _("nothing"),
    "storage_low": _(
        "The storage of this phone is nearly full. Send what waits before you take more photos."
    ),
    "update": _("A new version is here"),
    "reload": _("Use it now"),
    "late": _("overdue"),
    "until": _("until {time}"),
    "none_found": _("Nothing fits these words."),
    "opened": pgettext_lazy("field", "Open"),
    "app": _("Field work"),
    "optional": _("optional"),
    "now": _("Now"),
    "not_its_place": _("Not its place"),
    "not_its_place_words": _("It belongs in {there}. You are in {here}: go back if you chose the wrong one."),
    "saved_next": _("Saved. The next one?"),
    "scan": _("Scan"),
    "code_shown": _("Code to be scanned from this phone"),
    "scanning": _("Reading the code…"),
    "scan_none": _("No code was seen. Take the photo closer, or type the code."),
    "scan_offline": _("A code is read only with a connection here. Type it."),
    "sign_here": _("Sign here with a finger"),
    "sign_again": _("Sign again"),
    "no_photo": _("This photo cannot be read. Take it again."),
    "not_stored": _("This phone could not store it. Leave this page open and free some storage."),
    "drafts": _("Drafts"),
    "photo": _("Photo"),
    "pick_photo": _("Choose a photo"),
    "photo_again": _("Take it again"),
    "photo_remove": _("Remove the photo"),
    "photo_refused": _(
        "The entry itself is with the server. Take the photo again with a new entry on the same work, or remove it."
    ),
    "photo_refused_only": _("The entry itself is with the server. Remove the photo here."),
    "storage_line": _("Storage nearly full: send what waits, then delete old pictures"),
    "storage_full": _(
        "There is no room for this photo; what you wrote stays. Send what waits or free some storage, then take it again."
    ),
    "corrected_before": _("This entry was corrected already, in another tab. Nothing is sent twice."),
    "waits_pin": _("Waits for your PIN"),
    "locked": _("Locked"),
    "locked_words": _(
        "Type your PIN to go on. Until then nothing is shown and nothing is sent; nothing is lost."
    ),
    "unlock": _("Unlock"),
    "lock_now": _("Lock now"),
    "pin": _("PIN"),
    "pin_new": _("New PIN"),
    "pin_again": _("New PIN once more"),
    "pin_before": _("PIN until now"),
    "pin_hint": _("At least six figures; a longer one, with letters, is better."),
    "pin_set": _("Set a PIN"),
    "pin_change": _("Change the PIN"),
    "pin_today": _("Words and names of citizens stand on this phone. Set a PIN that keeps them from others."),
    "pin_needed": _(
        "“{form}” asks for personal data, which this phone keeps only behind a PIN. Set one first."
    ),
    "pin_contact": _(
        "This needs a connection once: the server keeps the key, so that a forgotten PIN loses nothing."
    ),
    "pin_none": _("No PIN is set. Whoever holds the phone unlocked reads what is on it."),
    "pin_is_set": _("What is on this phone is sealed. It locks five minutes after you leave it."),
    "pin_short": _("A PIN has at least six figures or letters."),
    "pin_trivial": _("This PIN is among the first that anybody tries. Choose another."),
    "pin_differs": _("The two PINs differ."),
    "pin_wrong": _("This is not the PIN. Nothing is deleted."),
    "pin_wait": _("Try again in {n} seconds."),
    "pin_forgotten": _("I forgot the PIN"),
    "pin_forgotten_words": _(
        "Sign in with your password while online; then choose a new PIN. What is on the phone stays."
    ),
    "pin_anew": _("Choose a new PIN"),
    "pin_can": _("What a PIN can do"),
    "pin_can_finder": _("It keeps out somebody who finds the phone and looks, or opens its files."),
    "pin_cannot_copy": _(
        "It does not keep out for long somebody who copies the files: a computer tries all six-figure PINs within about"
        " two days, one built for such work within minutes. A PIN of ten letters and figures holds."
    ),
    "pin_cannot_changed": _(
        "It does not help on a phone that somebody has tampered with, nor while it is open in your hand."
    ),
    "pin_first": _(
        "More than the PIN help the phone's own screen lock, and your desk: tell it of a lost phone at once, it signs it"
        " out."
    ),
    "pin_exists": _("A PIN was set already, in another tab. Open this page again."),
}
