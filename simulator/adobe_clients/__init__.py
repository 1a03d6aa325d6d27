"""How clients written for Adobe reach flowsim: environment, proxy, child command."""
