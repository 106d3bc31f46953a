using System.Collections.Immutable;

namespace FerMl.Training;

/// <summary>A network under a name, with the training options that suit it.</summary>
/// <param name="Name">The name, such as <c>paper-cnn</c>.</param>
/// <param name="Description">What it is, in one sentence.</param>
/// <param name="Network">Makes the layers with the given dropout rates.</param>
/// <param name="Defaults">The training options that suit it.</param>
public sealed record NetworkPreset(
    string Name, string Description, Func<NetworkRates, NetworkDefinition> Network, EmotionTrainerOptions Defaults)
{
    /// <summary>The best single network for an hour of compute.</summary>
    public static NetworkPreset Strong { get; } = new(
        "strong", "The best single network for an hour of compute: a residual CNN whose feature map a BiLSTM reads.",
        StrongPreset.Network, StrongPreset.Options);

    /// <summary>A small, quick network for video.</summary>
    public static NetworkPreset Fast { get; } = new(
        "fast", "A small residual CNN-BiLSTM for video: less than 15 million multiply-adds per face.",
        FastPreset.Network, FastPreset.Options);

    /// <summary>The paper's CNN: the paper's CNN-BiLSTM without its LSTM layer.</summary>
    public static NetworkPreset PaperCnn { get; } = new(
        "paper-cnn", "The paper's CNN: the paper's CNN-BiLSTM without its LSTM layer.",
        PaperPresets.Cnn, PaperPresets.Options);

    /// <summary>The paper's CNN-BiLSTM.</summary>
    public static NetworkPreset PaperCnnBiLstm { get; } = new(
        "paper-cnn-bilstm", "The paper's CNN-BiLSTM: five convolutions, their 6x6 map read as 36 steps by a BiLSTM.",
        PaperPresets.CnnBiLstm, PaperPresets.Options);

    /// <summary>A small CNN-BiLSTM that learns synthetic faces in about a minute, for tests and the quick start.</summary>
    public static NetworkPreset Tiny { get; } = new(
        "tiny", "A small CNN-BiLSTM that learns synthetic faces in about a minute, for tests and the quick start.",
        TinyPreset.Network, TinyPreset.Options);

    /// <summary>All presets.</summary>
    public static ImmutableArray<NetworkPreset> All { get; } = [PaperCnnBiLstm, PaperCnn, Strong, Fast, Tiny];

    /// <summary>The options with this preset's network, where they have none of their own; all checked.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A value is outside its range, or doesn't suit the
    /// network.</exception>
    public EmotionTrainerOptions Complete(EmotionTrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var rates = new NetworkRates(options.Dropout, options.BlockDropout);
        var complete = options with { Network = options.Network ?? Network(rates) };
        complete.Validate();
        return complete;
    }

    /// <summary>The preset of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static NetworkPreset Find(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"There is no preset '{name}'; the presets are {string.Join(", ", All.Select(preset => preset.Name))}.");
}
