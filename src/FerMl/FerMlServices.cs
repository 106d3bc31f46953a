using FerMl;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers FerMl in a dependency injection container, such as ASP.NET Core's.</summary>
public static class FerMlServices
{
    /// <summary>
    /// Adds <see cref="IEmotionPredictor"/> and <see cref="EmotionPredictor"/> as one thread-safe singleton. The model is loaded at first
    /// resolution, and disposed with the container.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="model">A pretrained model that is part of FerMl.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such model.</exception>
    public static IServiceCollection AddFerMl(this IServiceCollection services, PretrainedModel model = PretrainedModel.FerPlus)
    {
        _ = PretrainedModels.NameOf(model);
        return services.Add(() => EmotionPredictor.LoadDefault(model));
    }

    /// <summary>
    /// Adds <see cref="IEmotionPredictor"/> and <see cref="EmotionPredictor"/> for a model file, as one thread-safe singleton. The model is
    /// loaded at first resolution, and disposed with the container.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="modelPath">A model file. If it is missing or damaged, the first resolution throws an
    /// <see cref="EmotionModelException"/>.</param>
    public static IServiceCollection AddFerMl(this IServiceCollection services, string modelPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelPath);
        return services.Add(() => EmotionPredictor.Load(modelPath));
    }

    private static IServiceCollection Add(this IServiceCollection services, Func<EmotionPredictor> load)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(_ => load())
            .AddSingleton<IEmotionPredictor>(provider => provider.GetRequiredService<EmotionPredictor>());
    }
}
