using System.Net.Http.Headers;

namespace Ambient.Kube.Http;

/// <summary>What goes into the Authorization header. Safe for use from many threads.</summary>
public abstract class Credential
{
    /// <summary>True when asking again after <see cref="Invalidate"/> may give another answer.</summary>
    public virtual bool CanRefresh => false;

    /// <summary>Null: send none (a client certificate speaks instead).</summary>
    public abstract ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellation);

    /// <summary>The server refused the last one.</summary>
    public virtual void Invalidate()
    {
    }

    public static Credential Bearer(string token) => new StaticCredential(new AuthenticationHeaderValue("Bearer", token));

    public static Credential BearerFile(string path, TimeProvider? time = null) => new TokenFileCredential(path, time ?? TimeProvider.System);

    public static Credential Basic(string user, string password) => new StaticCredential(new AuthenticationHeaderValue(
        "Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"))));
}
