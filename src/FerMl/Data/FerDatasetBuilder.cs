using System.Globalization;

namespace FerMl;

/// <summary>Collects faces in the compact arrays of a <see cref="FerDataset"/> while a file is read.</summary>
internal sealed class FerDatasetBuilder(string source, FerLoadOptions options)
{
    private readonly List<Emotion> _emotions = [];
    private readonly List<Usage> _usages = [];
    private readonly List<int> _rows = [];
    private readonly List<string> _ids = [];
    private readonly List<EmotionVotes> _votes = [];
    private byte[] _pixels = [];
    private ImageSizes? _sizes;

    public string Source => source;
    public FerLoadOptions Options => options;
    public LabelReader Labels { get; } = new(options);
    public DataProblems Problems { get; } = new();

    /// <summary>Whether the faces have labels in addition to their votes.</summary>
    public bool HasOwnLabels { get; set; } = true;

    /// <summary>Remarks on the data that aren't problems.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Reserves capacity, which avoids copies if the number of rows is known from the file size.</summary>
    public void Expect(long count)
    {
        count = Math.Clamp(count, 0, options.MaxImages);
        if (count * FaceResampler.PixelCount > _pixels.Length)
            Array.Resize(ref _pixels, (int)count * FaceResampler.PixelCount);
    }

    /// <summary>The buffer for the next face's pixels; <see cref="Add"/> commits them.</summary>
    public Span<byte> NextPixels()
    {
        if (_emotions.Count >= options.MaxImages)
            throw new FerDataException(
                $"{source}: more than {options.MaxImages.Grouped()} images; raise FerLoadOptions.MaxImages (at most 900,000) or give a "
                    + $"smaller file.");
        if ((_emotions.Count + 1) * FaceResampler.PixelCount > _pixels.Length)
            Expect(Math.Max(64, _emotions.Count * 3L / 2));
        return _pixels.AsSpan(_emotions.Count * FaceResampler.PixelCount, FaceResampler.PixelCount);
    }

    public void Add(Emotion emotion, Usage usage, int row, string id)
    {
        _emotions.Add(emotion);
        _usages.Add(usage);
        _rows.Add(row);
        _ids.Add(id);
    }

    /// <summary>Decodes an image of a face and adds it; an unreadable image is recorded as a problem.</summary>
    /// <param name="entry">The image.</param>
    /// <param name="name">The image's name.</param>
    /// <param name="emotion">Its label.</param>
    /// <param name="usage">Its part of the data set.</param>
    /// <param name="votes">Its votes; given for all images or for none.</param>
    public void AddImage(ImageEntry entry, string name, Emotion emotion, Usage usage, EmotionVotes? votes = null)
    {
        try
        {
            using var stream = entry.Open();
            var (width, height) = FaceImageDecoder.Decode(stream, name, NextPixels());
            _sizes = ImageSizes.With(_sizes, Math.Min(width, height));
            Add(emotion, usage, row: -1, name);
            if (votes is { } given)
                _votes.Add(given);
        }
        catch (Exception e) when (e is FaceImageException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            var prefix = $"{name}: ";
            Problems.Add(new DataProblem(
                name, 0, "", e.Message.StartsWith(prefix, StringComparison.Ordinal) ? e.Message[prefix.Length..] : e.Message));
        }
    }

    public FerDataset Build()
    {
        if (Problems.Total > 0 && (!options.SkipBadRows || _emotions.Count == 0))
            throw new FerDataException(source, Problems);
        if (_emotions.Count == 0)
            throw new FerDataException($"{source}: holds no faces; expected FER2013 rows or images in emotion folders.");
        if (Labels.NumbersRead is { } numbers)
            Remarks.Add(numbers);
        if (Labels.Ignored > 0)
            Remarks.Add(string.Create(CultureInfo.InvariantCulture,
                $"Faces left out for an ignored label ({string.Join(", ", options.IgnoredLabels)}): {Labels.Ignored:N0}."));
        var custom = Labels.Custom();
        Emotion[] emotions = custom is { } labels ? [.. _emotions.Select(code => (Emotion)labels.Places[(int)code])] : [.. _emotions];
        var dataset = new FerDataset(
            source, _pixels, [.. Enumerable.Range(0, emotions.Length)], emotions, [.. _usages], [.. _rows], [.. _ids],
            _votes.Count == 0 ? null : [.. _votes], Problems, Remarks, Annotation.Fer2013,
            HasOwnLabels && custom is null ? emotions : null, custom?.Labels, _sizes);
        // Images only have votes if the votes are requested as labels.
        return _votes.Count == 0 ? dataset : dataset.LabeledByVotes(options.KeepWithoutMajority);
    }
}
