using Microsoft.Extensions.Hosting;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>Leaves signals to the process that the server is part of: the usual lifetime would take Ctrl-C and SIGTERM for itself.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
