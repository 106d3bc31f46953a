namespace FerMl;

/// <summary>
/// The pretrained models, embedded in FerMl's assembly. FER+ models predict what people see in a face. FER2013 models predict the search
/// term that would have found the image, as the literature on FER2013 does. docs/model-card.md lists their accuracy.
/// </summary>
public enum PretrainedModel
{
    /// <summary><c>ferplus</c>: a CNN-BiLSTM for FER+'s eight emotions; the most accurate one, and the default.</summary>
    FerPlus,

    /// <summary><c>ferplus-fast</c>: a small CNN-BiLSTM for FER+'s eight emotions, for video.</summary>
    FerPlusFast,

    /// <summary><c>fer7</c>: a CNN-BiLSTM for FER2013's seven emotions.</summary>
    Seven,

    /// <summary><c>fer3</c>: a CNN-BiLSTM for three of FER2013's emotions: happy, sad and neutral.</summary>
    Three,

    /// <summary><c>fer7-fast</c>: a small CNN-BiLSTM for FER2013's seven emotions, for video.</summary>
    SevenFast,
}
