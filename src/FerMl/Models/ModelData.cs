namespace FerMl;

/// <summary>The data that a model was trained on.</summary>
/// <param name="Source">Name of the file or folder.</param>
/// <param name="Count">Number of faces with the task's labels, training and validation together.</param>
/// <param name="Fingerprint">SHA-256 of pixels, labels and usages, see <see cref="FerDataset.Fingerprint"/>.</param>
public sealed record ModelData(string Source, int Count, string Fingerprint)
{
    /// <summary>
    /// The annotation of its faces: <c>ferplus</c> for the majority of FER+'s annotators, null for the data set's own labels.
    /// </summary>
    public string? Annotation { get; init; }
}
