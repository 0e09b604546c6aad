using System.Net.Http.Headers;
using Ambient.Core.Requests;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>An answer's headers, for conditions of retries.</summary>
internal sealed class AnswerHeaders(HttpResponseMessage response) : IRequestHeaders
{
    public string? ValueOf(string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
        || response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? string.Join(',', (IEnumerable<string>)values)
            : null;
}
