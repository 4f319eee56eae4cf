// Runs before the page is painted: styles may rely on scripts being there.
document.documentElement.classList.add("js");
