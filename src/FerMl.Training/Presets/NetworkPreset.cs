using System.Collections.Immutable;

namespace FerMl.Training;

/// <summary>A named network with suitable training options.</summary>
/// <param name="Name">The name, such as <c>paper-cnn</c>.</param>
/// <param name="Description">A description in one sentence.</param>
/// <param name="Network">Makes the layers with the given dropout rates.</param>
/// <param name="Defaults">The training options.</param>
public sealed record NetworkPreset(
    string Name, string Description, Func<NetworkRates, NetworkDefinition> Network, EmotionTrainerOptions Defaults)
{
    /// <summary>The best single network for an hour of compute.</summary>
    public static NetworkPreset Strong { get; } = new(
        "strong", "The best single network for an hour of compute: a residual CNN whose feature map a BiLSTM reads.",
        StrongPreset.Network, StrongPreset.Options);

    /// <summary>A small, fast network for video.</summary>
    public static NetworkPreset Fast { get; } = new(
        "fast", "A small residual CNN-BiLSTM for video: less than 15 million MACs per face.",
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

    /// <summary>Completes options with this preset's network, unless they have their own, and validates them.</summary>
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

    /// <summary>Finds a preset by name.</summary>
    /// <exception cref="ArgumentException">No preset has that name; the message lists all presets.</exception>
    public static NetworkPreset Find(string name) =>
        All.FirstOrDefault(preset => preset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(
            $"There is no preset '{name}'; the presets are {string.Join(", ", All.Select(preset => preset.Name))}.");
}
