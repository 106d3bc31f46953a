namespace FerMl;

/// <summary>An image in a folder or archive.</summary>
/// <param name="Path">Path whose folders give usage and emotion.</param>
/// <param name="Name">Path relative to the user's input: the face's id.</param>
/// <param name="Open">Opens the encoded image.</param>
internal sealed record ImageEntry(string Path, string Name, Func<Stream> Open);
