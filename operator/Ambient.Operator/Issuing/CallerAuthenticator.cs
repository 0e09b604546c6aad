using System.Security.Cryptography;
using System.Text;
using Ambient.Discovery.Publishing;
using Ambient.Kube.Http;
using Ambient.Kube.Resources;
using Ambient.Operator.Telemetry;
using Ambient.Operator.Watching;
using Microsoft.Extensions.Logging;

namespace Ambient.Operator.Issuing;

/// <summary>
/// Who holds a token: TokenReview for our audience → the service account and the pod that the token is bound to → that pod, as the API
/// server knows it, with its node. Never what the caller says of itself. Verdicts are remembered for a short while, under the
/// token's hash.
/// </summary>
internal sealed partial class CallerAuthenticator : ICallerAuthenticator, IDisposable
{
    public const string Audience = "istio-ca";
    private const string Prefix = "system:serviceaccount:";
    private const string PodName = "authentication.kubernetes.io/pod-name";
    private const string PodUid = "authentication.kubernetes.io/pod-uid";
    private const int MaxRemembered = 4096;
    private const int MaxTokenLength = 16 * 1024;
    private static readonly TimeSpan KeepAccepted = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KeepRefused = TimeSpan.FromSeconds(5);

    private readonly KubeClient _client;
    private readonly PodRoster _pods;
    private readonly OperatorMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _asking = new(16, 16);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Caller? Caller, long At)> _remembered = new(StringComparer.Ordinal);

    public CallerAuthenticator(KubeClient client, PodRoster pods, OperatorMetrics metrics, TimeProvider time, ILogger logger)
    {
        _client = client;
        _pods = pods;
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    public async ValueTask<Caller?> AuthenticateAsync(string bearerToken, CancellationToken ct)
    {
        if (bearerToken.Length is 0 or > MaxTokenLength)
        {
            return null;
        }

        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(bearerToken)));
        if (TryRecall(hash, out Caller? known))
        {
            return known;
        }

        await _asking.WaitAsync(ct);
        try
        {
            if (TryRecall(hash, out known))
            {
                return known;
            }

            Caller? caller = await ReviewAsync(bearerToken, ct);
            (caller is null ? _metrics.CallersRefused : _metrics.CallersAccepted).Add();
            Remember(hash, caller);
            return caller;
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException or TimeoutException)
        {
            // No verdict is a refusal, but not one to remember.
            _metrics.CallersRefused.Add();
            LogNoVerdict(_logger, e.Message);
            return null;
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private async Task<Caller?> ReviewAsync(string token, CancellationToken ct)
    {
        TokenVerdict verdict = await _client.ReviewTokenAsync(token, [Audience], ct);
        if (!verdict.Authenticated || !verdict.Audiences.Contains(Audience))
        {
            return Refuse(verdict.Username, verdict.Error is { Length: > 0 } error ? error : $"the token is not for the audience {Audience}");
        }

        string[] name = verdict.Username.StartsWith(Prefix, StringComparison.Ordinal) ? verdict.Username[Prefix.Length..].Split(':') : [];
        if (name is not [{ Length: > 0 } ns, { Length: > 0 } account])
        {
            return Refuse(verdict.Username, "the token is no service account's");
        }

        if (verdict.Extra.GetValueOrDefault(PodName) is not [{ Length: > 0 } podName]
            || verdict.Extra.GetValueOrDefault(PodUid) is not [{ Length: > 0 } podUid])
        {
            return Refuse(verdict.Username, "the token is bound to no pod");
        }

        if (await FindPodAsync(ns, podName, podUid, ct) is not { } pod || pod.ServiceAccount != account || pod.Finished)
        {
            return Refuse(verdict.Username, $"the token's pod {ns}/{podName} is not there, has ended, or has another service account");
        }

        return new Caller(ns, account, podName, podUid, pod.Node);
    }

    /// <summary>From the watch, or from the server when the pod is newer than what the watch has brought, or was not scheduled then.</summary>
    private async Task<PodFacts?> FindPodAsync(string ns, string name, string uid, CancellationToken ct)
    {
        if (_pods.Find(uid) is { Node.Length: > 0 } known && known.Namespace == ns && known.Name == name)
        {
            return known;
        }

        var json = await _client.Resource(Pod.GroupKind).FindAsync(ns, name, ct);
        return json is null || PodFacts.Of(json) is not { } facts || facts.Uid != uid ? null : facts;
    }

    private Caller? Refuse(string username, string reason)
    {
        LogRefused(_logger, username.Length > 0 ? username : "nobody", reason);
        return null;
    }

    private bool TryRecall(string hash, out Caller? caller)
    {
        lock (_lock)
        {
            bool found = _remembered.TryGetValue(hash, out (Caller? Caller, long At) entry)
                && _time.GetElapsedTime(entry.At) < (entry.Caller is null ? KeepRefused : KeepAccepted);
            caller = found ? entry.Caller : null;
            return found;
        }
    }

    private void Remember(string hash, Caller? caller)
    {
        lock (_lock)
        {
            if (_remembered.Count >= MaxRemembered)
            {
                _remembered.Clear();
            }

            _remembered[hash] = (caller, _time.GetTimestamp());
        }
    }

    [LoggerMessage(130, LogLevel.Warning, "A caller with a token of {Username} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string username, string reason);

    [LoggerMessage(131, LogLevel.Warning, "A caller was refused because Kubernetes gave no verdict on its token: {Reason}")]
    private static partial void LogNoVerdict(ILogger logger, string reason);
}
