using System.Globalization;

namespace FerMl;

/// <content>FER+ votes: attached to the faces, and as their labels.</content>
public sealed partial class FerDataset
{
    /// <summary>
    /// The same faces with the FER+ votes of a <c>fer2013new.csv</c>. Its row i belongs to row i of <c>fer2013.csv</c>, or to the image
    /// file that it names.
    /// </summary>
    /// <exception cref="FerDataException">The file is missing, isn't a votes file, or doesn't match these faces.</exception>
    public FerDataset WithVotes(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (HasCustomLabels)
            throw new FerDataException(
                $"{Source}: has custom labels, and FER+ votes are for emotions; load it without one of them.");
        if (Annotation == Annotation.FerPlus)
            throw new FerDataException($"{Source}: its labels come from FER+ votes already; attach other votes before labeling by votes.");
        var file = FerPlusReader.Read(path);
        var byName = new Lazy<Dictionary<string, VotesRow>>(() => FerPlusReader.ByImage(file));
        var votes = new EmotionVotes[Count];
        for (var i = 0; i < Count; i++)
        {
            if (_rows[i] < 0)
            {
                var name = _ids[i].Split('/')[^1];
                votes[i] = byName.Value.TryGetValue(name, out var found) ? found.Votes : throw new FerDataException(
                    $"{path}: no row for image {name} of {Source}; FER+ votes match rows of fer2013.csv, or images named as in the column "
                        + $"'Image name': fer0000000.png and so on.");
                continue;
            }
            if (_rows[i] >= file.Count)
                throw new FerDataException(
                    $"{path}: has {file.Count.Counted("row")}, but the data needs row {(_rows[i] + 1).Grouped()}; give the votes file "
                        + $"that belongs to {Source}.");
            if (file[_rows[i]].Usage != _usages[i])
                throw new FerDataException(
                    $"{path}, line {_rows[i] + 2}: usage is {file[_rows[i]].Usage}, but {_usages[i]} in {Source}; the two files don't "
                        + $"belong together.");
            votes[i] = file[_rows[i]].Votes;
        }
        return new FerDataset(
            Source, _pixels, _places, _emotions, _usages, _rows, _ids, votes, Problems, Remarks, Annotation, _ownEmotions, _customLabels,
                ImageSizes);
    }

    /// <summary>
    /// The faces labeled by the majority of FER+'s annotators (<see cref="EmotionVotes.Majority"/>). Faces without a majority are left out,
    /// and <see cref="Remarks"/> says how many and why.
    /// </summary>
    /// <param name="keepWithoutMajority">
    /// Whether training faces without a majority are kept, labeled with the emotion that has the most votes, the first one of a tie. It has
    /// no effect on faces that are already labeled by votes.
    /// </param>
    /// <exception cref="FerDataException">No votes are attached, or no face has a majority.</exception>
    public FerDataset LabeledByVotes(bool keepWithoutMajority = false)
    {
        if (_votes is not { } votes)
            throw new FerDataException(
                $"{Source}: has no FER+ votes to label its faces by; give fer2013new.csv with FerLoadOptions.VotesPath.");
        if (Annotation == Annotation.FerPlus)
            return this;
        var outcomes = Array.ConvertAll(votes, vote => vote.Outcome);
        var labels = new Emotion?[Count];
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            labels[i] = votes[i].Majority;
            if (labels[i] is null && keepWithoutMajority && _usages[i] == Usage.Training
                && outcomes[i].Kind is VoteOutcomeKind.Tie or VoteOutcomeKind.NoMajority)
                kept += (labels[i] = votes[i].Plurality) is null ? 0 : 1;
        }
        int[] chosen = [.. Enumerable.Range(0, Count).Where(i => labels[i] is not null)];
        if (chosen.Length == 0)
            throw new FerDataException($"{Source}: no face has a majority of FER+ votes for an emotion.");
        var emotions = Array.ConvertAll(chosen, i => labels[i]!.Value);
        return Select(chosen, emotions, Annotation.FerPlus, [.. Remarks, VoteRemark()]);

        string VoteRemark()
        {
            var without = outcomes.Where((_, i) => labels[i] is null).CountBy(outcome => outcome.Kind).ToDictionary();
            int Of(VoteOutcomeKind kind) => without.GetValueOrDefault(kind);
            return string.Create(CultureInfo.InvariantCulture,
                $"Labels are the majority of FER+ votes. Faces left out: {Count - chosen.Length:N0} ({Of(VoteOutcomeKind.NoMajority):N0} ")
                + string.Create(CultureInfo.InvariantCulture,
                    $"without a majority, {Of(VoteOutcomeKind.Tie):N0} more with a tie, {Of(VoteOutcomeKind.Unknown):N0} unknown, ")
                + string.Create(CultureInfo.InvariantCulture, $"{Of(VoteOutcomeKind.NotFace):N0} that show no face).")
                + (kept > 0 ? string.Create(CultureInfo.InvariantCulture,
                    $" Training faces kept without a majority, labeled with the emotion that has the most votes: {kept:N0}.") : "");
        }
    }
}
