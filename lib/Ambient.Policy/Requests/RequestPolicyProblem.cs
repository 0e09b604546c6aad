namespace Ambient.Policy.Requests;

/// <summary>A field of a policy that cannot be evaluated, for the policy's status.</summary>
/// <param name="Field">Path in the resource: <c>spec.rules[0].when[1].key</c>.</param>
public sealed record RequestPolicyProblem(string Field, string Reason);
