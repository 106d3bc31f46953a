namespace FerMl.Training;

/// <summary>Renders training faces as the network sees them, for inspection.</summary>
public static class AugmentedFace
{
    /// <summary>Renders a face as it is augmented in one epoch of a training with these options and this seed.</summary>
    /// <param name="face">The face.</param>
    /// <param name="options">The augmentation; mixup and CutMix, which need two faces, are ignored.</param>
    /// <param name="epoch">The epoch, from 1.</param>
    /// <param name="seed">The training's seed.</param>
    /// <returns>2,304 pixel values 0..255, row by row.</returns>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    public static byte[] Render(FaceSample face, AugmentationOptions options, int epoch, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        new EmotionTrainerOptions { Augmentation = options }.Validate();
        var output = new float[FaceResampler.PixelCount];
        new FaceAugmenter(options, seed).Render(face.Pixels, epoch, face.Index, FaceResampler.Side, output);
        return Array.ConvertAll(output, level => (byte)(level + 0.5f));
    }
}
