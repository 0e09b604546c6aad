using Ambient.Shop.Loading;
using Ambient.Shop.Serving;

// ambient-shop [serve]                 one service of the shop; SHOP_ROLE says which
// ambient-shop set NAME=VALUE…         tells the service in this pod how to behave from now on
// ambient-shop load URL [--option …]   sends requests and counts the answers
return args switch
{
    ["load", .. var rest] => await LoadCommand.RunAsync(rest).ConfigureAwait(false),
    ["set", .. var settings] => await BehaviourControl.TellAsync(settings).ConfigureAwait(false),
    [] or ["serve"] => await ShopServer.RunAsync().ConfigureAwait(false),
    _ => LoadCommand.Usage(),
};
