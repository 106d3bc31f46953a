namespace FerMl;

/// <summary>The pretrained models, embedded in FerMl's assembly. What they reach is in docs/model-card.md.</summary>
public enum PretrainedModel
{
    /// <summary><c>fer7</c>: a CNN-BiLSTM that tells all seven emotions; the most accurate of these.</summary>
    Seven,

    /// <summary><c>fer3</c>: a CNN-BiLSTM that tells happy, sad and neutral.</summary>
    Three,

    /// <summary><c>fer7-fast</c>: a small CNN-BiLSTM that tells all seven emotions, for video.</summary>
    SevenFast,
}
