using System.Globalization;
using System.Security.Cryptography;

namespace FerMl;

/// <summary>
/// Finds pixel-identical faces in a data set. FER2013's official split leaks: some test images are duplicates of training images, some of
/// them with another label.
/// </summary>
public sealed class DuplicateAudit
{
    private readonly FerDataset _dataset;

    private DuplicateAudit(FerDataset dataset, IReadOnlyList<IReadOnlyList<FaceSample>> groups) => (_dataset, Groups) = (dataset, groups);

    /// <summary>The groups of two or more identical faces, in the order of their first members.</summary>
    public IReadOnlyList<IReadOnlyList<FaceSample>> Groups { get; }

    /// <summary>Number of groups whose members have different labels.</summary>
    public int ConflictingGroups => Groups.Count(HasConflict);

    /// <summary>Compares all faces with all others.</summary>
    public static DuplicateAudit Of(FerDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var groups = dataset.Samples
            .GroupBy(face => KeyOf(face.Pixels))
            .Select(group => (IReadOnlyList<FaceSample>)[.. group])
            .Where(group => group.Count > 1)
            .OrderBy(group => group[0].Index);
        return new DuplicateAudit(dataset, [.. groups]);
    }

    /// <summary>Number of faces of one usage with duplicates in another, and how many of these have another label there.</summary>
    public (int Faces, int WithOtherLabel) Across(Usage usage, Usage other)
    {
        var (faces, conflicts) = (0, 0);
        foreach (var group in Groups)
        {
            var there = group.Where(face => face.Usage == other).Select(face => face.Code).ToHashSet();
            if (usage == other ? group.Count(face => face.Usage == other) < 2 : there.Count == 0)
                continue;
            var here = group.Where(face => face.Usage == usage).ToArray();
            faces += here.Length;
            conflicts += here.Count(face => there.Any(label => label != face.Code));
        }
        return (faces, conflicts);
    }

    /// <summary>
    /// Indices of the faces outside Training that are duplicates of training faces; null if the data set has no Training part.
    /// </summary>
    public IReadOnlySet<int>? LeakedFromTraining()
    {
        if (!_dataset.Samples.Any(face => face.Usage == Usage.Training))
            return null;
        return Groups
            .Where(group => group.Any(face => face.Usage == Usage.Training))
            .SelectMany(group => group.Where(face => face.Usage != Usage.Training))
            .Select(face => face.Index)
            .ToHashSet();
    }

    private static bool HasConflict(IReadOnlyList<FaceSample> group) => group.Any(face => face.Code != group[0].Code);

    /// <summary><see cref="KeyOf"/> in hexadecimal, as <see cref="ModelCard.HeldOut"/> lists faces.</summary>
    internal static string KeyTextOf(ReadOnlySpan<byte> face) => KeyOf(face).ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>A hash that only pixel-identical faces share: half of their SHA-256.</summary>
    internal static UInt128 KeyOf(ReadOnlySpan<byte> face)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(face, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
