using FerMl;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>FerMl in a container of services, such as ASP.NET Core's.</summary>
public static class FerMlServices
{
    /// <summary>
    /// Adds <see cref="IEmotionPredictor"/> and <see cref="EmotionPredictor"/>: one object for all requests, since it serves any number of
    /// threads. The model is opened when it is first asked for, and freed with the container.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="model">A model that comes with FerMl.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such model.</exception>
    public static IServiceCollection AddFerMl(this IServiceCollection services, PretrainedModel model = PretrainedModel.FerPlus)
    {
        _ = PretrainedModels.NameOf(model);
        return services.Add(() => EmotionPredictor.LoadDefault(model));
    }

    /// <summary>
    /// Adds <see cref="IEmotionPredictor"/> and <see cref="EmotionPredictor"/> for a model file: one object for all requests. The model is
    /// opened when it is first asked for, and freed with the container.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="modelPath">A model file. That it is missing or damaged is an <see cref="EmotionModelException"/> where the predictor
    /// is first asked for.</param>
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
