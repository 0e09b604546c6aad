namespace Ambient.Lab.Probing;

/// <summary>A container's probes: readiness and liveness begin when the startup probe has succeeded.</summary>
internal sealed class ProbeSet(ProbeLoop? startup, ProbeLoop? readiness, ProbeLoop? liveness)
{
    public ProbeLoop? Startup { get; } = startup;

    public ProbeLoop? Readiness { get; } = readiness;

    /// <summary>Runs until cancelled. <paramref name="report"/> gets (started, ready) at each change; <paramref name="kill"/> is called once, when a probe says that the container is beyond hope.</summary>
    public async Task RunAsync(Action<bool, bool> report, Func<Task> kill, CancellationToken ct)
    {
        try
        {
            if (Startup is not null)
            {
                if (!await Startup.UntilDecidedAsync(ct).ConfigureAwait(false))
                {
                    await kill().ConfigureAwait(false);
                    return;
                }

                report(true, Readiness is null);
            }

            await Task.WhenAll(ReadyAsync(report, ct), LiveAsync(kill, ct)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The container ended, or is being ended.
        }
    }

    private async Task ReadyAsync(Action<bool, bool> report, CancellationToken ct)
    {
        if (Readiness is not null)
        {
            await foreach (var ready in Readiness.ChangesAsync(ct).ConfigureAwait(false))
            {
                report(true, ready);
            }
        }
    }

    private async Task LiveAsync(Func<Task> kill, CancellationToken ct)
    {
        if (liveness is null)
        {
            return;
        }

        await foreach (var alive in liveness.ChangesAsync(ct).ConfigureAwait(false))
        {
            if (!alive)
            {
                await kill().ConfigureAwait(false);
                return;
            }
        }
    }
}
