using System.Net.Http.Headers;

namespace Ambient.Kube.Http;

/// <summary>A token that the kubelet renews in a file: read again every minute, and at once after a 401.</summary>
internal sealed class TokenFileCredential(string path, TimeProvider time) : Credential
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private AuthenticationHeaderValue? _value;
    private long _readAt;

    public override bool CanRefresh => true;

    public override async ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_value is not null && time.GetElapsedTime(_readAt) < MaxAge)
            {
                return _value;
            }
        }

        string token = (await File.ReadAllTextAsync(path, cancellation)).Trim();
        if (token.Length == 0)
        {
            throw new KubeConfigException($"{path}: the token file is empty");
        }

        var value = new AuthenticationHeaderValue("Bearer", token);
        lock (_lock)
        {
            _value = value;
            _readAt = time.GetTimestamp();
        }

        return value;
    }

    public override void Invalidate()
    {
        lock (_lock)
        {
            _value = null;
        }
    }
}
