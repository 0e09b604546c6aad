using Ambient.Core.Requests;

namespace Ambient.Policy.Tokens;

/// <summary>Checks the tokens that requests carry. Thread-safe; never waits for a network.</summary>
public interface ITokenCheck
{
    /// <param name="policies">Those that apply to the request's destination.</param>
    /// <param name="query">As in the request target, without <c>?</c>; empty when there is none.</param>
    TokenResult Check(TokenPolicySet policies, IRequestHeaders headers, ReadOnlySpan<char> query);
}
