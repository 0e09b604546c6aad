namespace Ambient.Core.Policies.Requests;

public enum RequestPolicyAction
{
    Allow,
    Deny,

    /// <summary>Noted, never decides.</summary>
    Audit,

    /// <summary>An authorization provider decides about the requests that match.</summary>
    Custom,
}
