namespace FerMl;

/// <summary>The data that a model was trained on.</summary>
/// <param name="Source">Name of the file or folder.</param>
/// <param name="Count">Number of faces of the task, for training and validation together.</param>
/// <param name="Fingerprint">SHA-256 over pixels, labels and usages, see <see cref="FerDataset.Fingerprint"/>.</param>
public sealed record ModelData(string Source, int Count, string Fingerprint)
{
    /// <summary>
    /// Whose labels its faces have: <c>ferplus</c> for the majority of FER+'s annotators, null for the data set's own.
    /// </summary>
    public string? Annotation { get; init; }
}
