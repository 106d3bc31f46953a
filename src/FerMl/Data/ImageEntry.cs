namespace FerMl;

/// <summary>An image in a folder or archive.</summary>
/// <param name="Path">Path whose folders tell usage and emotion.</param>
/// <param name="Name">Path inside what the user named: the face's id.</param>
/// <param name="Open">Opens the encoded image.</param>
internal sealed record ImageEntry(string Path, string Name, Func<Stream> Open);
