using Ambient.Kube.Resources;

namespace Ambient.Lab.Objects;

/// <summary>core/v1 Lifecycle; of the handlers only exec before the stop is carried out.</summary>
internal sealed record Lifecycle
{
    public LifecycleHandler? PreStop { get; init; }

    internal sealed record LifecycleHandler
    {
        public ExecAction? Exec { get; init; }

        public SleepAction? Sleep { get; init; }
    }

    internal sealed record SleepAction
    {
        public int Seconds { get; init; }
    }
}
