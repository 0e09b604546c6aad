using System.Net.Http.Headers;

namespace Ambient.Kube.Http;

internal sealed class StaticCredential(AuthenticationHeaderValue value) : Credential
{
    public override ValueTask<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellation) => new(value);
}
