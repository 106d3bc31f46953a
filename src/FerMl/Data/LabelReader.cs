using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace FerMl;

/// <summary>
/// Reads the labels of a data file or folder: by the user's options first, then as emotion names, then as numbers if their numbering is
/// certain.
/// </summary>
internal sealed class LabelReader(FerLoadOptions options)
{
    /// <summary>RAF-DB's labels 1 to 7 (Li, Deng and Du, 2017; the list in the data set).</summary>
    private static readonly Emotion[] RafDb =
        [Emotion.Surprise, Emotion.Fear, Emotion.Disgust, Emotion.Happy, Emotion.Sad, Emotion.Anger, Emotion.Neutral];

    /// <summary>The remedy for unknown labels.</summary>
    public const string Remedy =
        "map labels with FerLoadOptions.Labels (1=surprise,2=fear), ignore some with FerLoadOptions.IgnoredLabels (confused), or use "
            + "labels unchanged with FerLoadOptions.CustomLabels";

    private static readonly char[] Numbering = [.. "0123456789 _-."];

    private const int MaxCustomLabels = 200, MaxLabelLength = 100;

    private readonly FrozenDictionary<string, Emotion> _named = options.Labels.ToFrozenDictionary(
        label => label.Key, label => label.Value, StringComparer.OrdinalIgnoreCase);

    private readonly FrozenSet<string> _ignored = options.IgnoredLabels.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // If the user names one number, other numbers are unknown, not FER2013's codes.
    private readonly bool _hasNamedNumbers = options.Labels.Keys.Any(label => label.All(char.IsAsciiDigit));

    private readonly Dictionary<string, int> _custom = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Number of faces with an ignored label.</summary>
    public int Ignored { get; private set; }

    /// <summary>Reads a label in a table, where numbers are FER2013's codes unless the options name numbers.</summary>
    /// <param name="text">The label.</param>
    /// <param name="emotion">The emotion, or null if faces with this label are left out.</param>
    /// <returns>Whether the label is known.</returns>
    public bool TryReadCell(ReadOnlySpan<char> text, out Emotion? emotion)
    {
        text = text.Trim();
        // Spreadsheets and data frames may write numbers with decimals.
        if (text.EndsWith(".0") && char.IsAsciiDigit(text[0]))
            text = text[..^2];
        if (options.CustomLabels)
            return TryRead(text.ToString(), out emotion);
        if (_named.Count + _ignored.Count == 0 && text is [>= '0' and <= '6'])
        {
            emotion = (Emotion)(text[0] - '0');
            return true;
        }
        return TryRead(text.ToString(), out emotion)
            || (emotion = !_hasNamedNumbers && text is [>= '0' and <= '6'] ? (Emotion)(text[0] - '0') : null) is not null;
    }

    /// <summary>Whether the labels 1 to 7 in RAF-DB's own list have RAF-DB's meaning: unless the options say otherwise.</summary>
    public bool TakesRafDb => !options.CustomLabels && !_hasNamedNumbers;

    /// <summary>The meaning of RAF-DB's numbers.</summary>
    public static string RafDbLegend => Legend(RafDb, 1);

    /// <summary>Reads a label in RAF-DB's list.</summary>
    /// <inheritdoc cref="TryReadCell"/>
    public bool TryReadRafDb(string text, out Emotion? emotion) => TryReadName(text, out emotion)
        || (emotion = TakesRafDb && text is [>= '1' and <= '7'] ? RafDb[text[0] - '1'] : null) is not null;

    /// <summary>Reads a label that is an emotion name, or one that the options name.</summary>
    /// <inheritdoc cref="TryReadCell"/>
    public bool TryReadName(string text, out Emotion? emotion) => TryRead(text, out emotion);

    /// <summary>
    /// Returns the reader for folder names: by name, by name after a number (<c>0_angry</c>), or by number alone if all folders together
    /// identify the numbering.
    /// </summary>
    /// <param name="folders">The names of all folders with images.</param>
    public Func<string, (bool IsKnown, Emotion? Emotion)> ForFolders(IEnumerable<string> folders)
    {
        if (options.CustomLabels)
            return name => (TryRead(name, out var custom), custom);
        // Ignored folders help to identify the numbering too.
        var numbers = folders.Where(name => name.Length > 0 && name.All(char.IsAsciiDigit)).Distinct().ToArray();
        var first = _hasNamedNumbers ? -1
            : numbers.Contains("0") && numbers.All(name => name is [>= '0' and <= '6']) ? 0
            : numbers.Contains("7") && numbers.All(name => name is [>= '1' and <= '7']) ? 1
            : -1;
        if (first == 0)
            NumbersRead = $"Folders that are numbers are read as FER2013's codes: {Legend(EmotionTask.Seven.Emotions, 0)}.";
        if (first == 1)
            NumbersRead = $"Folders that are numbers are read as RAF-DB's labels: {Legend(RafDb, 1)}.";
        return name => TryRead(name, out var emotion) || TryRead(WithoutNumber(name), out emotion)
            ? (true, emotion)
            : first >= 0 && numbers.Contains(name) ? (true, first == 0 ? (Emotion)(name[0] - '0') : RafDb[name[0] - '1'])
            : (false, null);
    }

    /// <summary>A remark on how folders named by numbers are read; null if there are none.</summary>
    public string? NumbersRead { get; private set; }

    /// <summary>A folder's name without its leading number: <c>angry</c> for <c>0_angry</c>.</summary>
    public static string WithoutNumber(string folder) => folder.TrimStart(Numbering);

    /// <summary>Counts a face that is left out because of its label.</summary>
    public void CountIgnored() => Ignored++;

    /// <summary>
    /// The custom labels in alphabetical order, and the index among them of each assigned code; null if labels are emotions.
    /// </summary>
    public (ImmutableArray<string> Labels, int[] Places)? Custom()
    {
        if (!options.CustomLabels)
            return null;
        ImmutableArray<string> labels = [.. _custom.Keys.Order(StringComparer.Ordinal)];
        return (labels, [.. _custom.OrderBy(label => label.Value).Select(label => labels.IndexOf(label.Key))]);
    }

    private bool TryRead(string text, out Emotion? emotion)
    {
        emotion = null;
        if (_ignored.Contains(text))
            return true;
        if (options.CustomLabels)
            return (emotion = CodeOf(text)) is not null;
        if (!_named.TryGetValue(text, out var named) && !EmotionNames.TryParse(text, out named))
            return false;
        emotion = named;
        return true;
    }

    private Emotion? CodeOf(string text)
    {
        var label = EmotionNames.TryParse(text, out var emotion) ? emotion.ToLabel() : PlainText.Clean(text.Trim());
        // Commas separate the labels of a task.
        if (label.Length is 0 or > MaxLabelLength || label.Contains(',', StringComparison.Ordinal))
            return null;
        if (_custom.TryGetValue(label, out var code))
            return (Emotion)code;
        if (_custom.Count == MaxCustomLabels)
            throw new FerDataException(
                $"There are more than {MaxCustomLabels} different labels, the last of them '{label}'; is this the column or the folder of "
                    + $"the labels?");
        _custom.Add(label, _custom.Count);
        return (Emotion)(_custom.Count - 1);
    }

    private static string Legend(IEnumerable<Emotion> emotions, int first) =>
        string.Join(", ", emotions.Select((emotion, i) => string.Create(CultureInfo.InvariantCulture, $"{first + i} {emotion.ToLabel()}")));
}
