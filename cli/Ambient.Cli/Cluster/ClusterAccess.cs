using System.Net.Sockets;
using Ambient.Kube.Http;

namespace Ambient.Cli.Cluster;

/// <summary>Opens a cluster and turns its failures into messages that help.</summary>
internal static class ClusterAccess
{
    public static async Task<T> UseAsync<T>(
        string? kubeconfig, string? context, TimeProvider time, Func<KubeClient, CancellationToken, Task<T>> use, CancellationToken cancellation)
    {
        KubeConfig config;
        try
        {
            config = kubeconfig is null && context is null ? KubeConfig.Default(time) : KubeConfig.Load(kubeconfig, context, time);
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw CliException.Unreachable(
                "no cluster is configured", kubeconfig ?? Environment.GetEnvironmentVariable("KUBECONFIG") ?? "~/.kube/config", e.Message,
                "set --kubeconfig, start a lab with 'ambientctl lab up', or work offline with -f FILE", e);
        }

        using KubeClient client = new(config, null, time);
        try
        {
            return await use(client, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw CliException.Unreachable(
                "the cluster does not answer", config.Server.ToString(), e.Message, "check that the API server runs and that the kubeconfig is its own", e);
        }
        catch (KubeException e)
        {
            throw CliException.Unreachable(
                "the cluster refused", config.Server.ToString(), e.Message, "check the rights of the kubeconfig's user", e);
        }
    }
}
